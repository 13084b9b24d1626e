"""What every front door does with contract and ledger: submit, results, cancel, drafts, pictures, accounts."""

// The original's forward pass: `node original.mjs FOLDER`. Run by record.py, which says what is in the folder.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = process.argv[2];
const require = createRequire(`${folder}/package.json`);
const tf = require("@tensorflow/tfjs");
const model = await require("nsfwjs").load("MobileNetV2");
const answers = {};
for (const { name, file, height, width } of JSON.parse(readFileSync(`${folder}/pictures.json`))) {
  const pixels = new Int32Array(readFileSync(`${folder}/${file}`));
  const answer = model.infer(tf.tensor3d(pixels, [height, width, 3], "int32"));
  answers[name] = Array.from(await answer.data());
}
writeFileSync(`${folder}/answers.json`, JSON.stringify(answers));

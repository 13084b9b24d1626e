// Run flows with npm `@runware/sdk-js`, whichever version is installed. Reads one JSON job, prints one JSON object.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const job = JSON.parse(process.argv[2]);
const installed = createRequire(pathToFileURL(job.home + "/package.json"));
const { Runware } = await import(pathToFileURL(installed.resolve("@runware/sdk-js").replace(/index\.cjs$/, "index.js")));

const connected = (url, apiKey) => Runware.initialize({ apiKey, url: url.replace("http", "ws") + "/v1" });

// This client does not read local files for videos: its users upload them, or send a data URI.
async function uploaded(client, task) {
  for (const frame of task.inputs?.frameImages ?? []) {
    if (typeof frame === "string") continue;
    const image = "data:image/png;base64," + readFileSync(frame.image).toString("base64");
    frame.image = task.upload === false ? image : (await client.imageUpload({ image })).imageUUID;
  }
  return task;
}

async function make(client, task) {
  const { taskUUID, upload, ...rest } = await uploaded(client, task);
  const videos = await client.videoInference({ ...rest, ...(taskUUID && { customTaskUUID: taskUUID }) });
  return videos.map((video) => ({ ...video, draftId: video.outputs?.draftId ?? null }));
}

async function flow(client, { final, ...task }) {
  const begun = performance.now();
  const outcome = { items: [], error: null };
  try {
    if (final) {
      outcome.draft = await make(client, task);
      task = { ...final, inputs: { draftId: outcome.draft[0].draftId } };
    }
    outcome.items = await make(client, task);
  } catch (error) {
    outcome.error = error?.error ?? { raised: error?.name ?? typeof error, message: String(error?.message ?? error) };
  }
  return { ...outcome, seconds: (performance.now() - begun) / 1000 };
}

async function badKey() {
  const begun = performance.now();
  try {
    await (await connected(job.url, "k".repeat(43))).videoInference(job.flows.badKey);
    return { items: [], error: null };
  } catch (error) {
    const told = error?.error ?? error;
    return { items: [], error: { message: String(told?.message ?? told) }, seconds: (performance.now() - begun) / 1000 };
  }
}

const clients = { url: await connected(job.url, job.key) };
if (job.proxy) clients.proxy = await connected(job.proxy, job.key);
const one = ({ via, ...task }) => (via === "badKey" ? badKey() : flow(clients[via ?? "url"], task));
const names = Object.keys(job.flows);
const outcomes = await Promise.all(names.map((name) => one(job.flows[name])));
console.log(JSON.stringify(Object.fromEntries(names.map((name, index) => [name, outcomes[index]]))));
process.exit(0);

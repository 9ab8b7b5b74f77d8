/**
 * Topic `serve`: reads of credentials over 64 connections, over a bare server of the same runtime that answers the same
 * octets.
 *
 * The servers are one process, and the client is this one: it writes requests that were laid out before, and counts the
 * octets of the answers, so that as much of the machine as possible is the server's.
 */
import { spawn } from "node:child_process";
import { connect } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

const CONNECTIONS = 64;

/** More and more connections. */
const GROWING = [1, 8, 64, 512];

/** A batch is hundreds of reads, and short enough that what else the machine does meets each contender alike. */
const EFFORT = { batchMs: 50, warmUpMs: 1500 };

/** Of a server that is warm, where more and more connections are what is asked about. */
const GROWTH_EFFORT = { batchMs: 50, warmUpMs: 300 };

/** Starts the servers of a runtime and measures them. */
export async function serveSamples(runtime, program, bundle, harness, rounds) {
  const { child, contenders } = await startServers(runtime, program, bundle);
  try {
    const clients = new Map();
    for (const [name, contender] of Object.entries(contenders)) {
      clients.set(name, await openClient(contender, CONNECTIONS));
    }
    const [imds, bareImds, container, bareContainer] = Object.keys(contenders);
    const reach = { node: 0.6, deno: 0.6, bun: 0.6 };
    const plan = {
      name: `${CONNECTIONS} connections`,
      unit: "ops/s",
      contenders: [imds, bareImds, container, bareContainer],
      comparisons: [
        { name: imds, against: bareImds, reach },
        { name: container, against: bareContainer, reach },
      ],
    };
    const clock = async (contender, operations) => await clients.get(contender)(operations);
    const samples = [await harness.measureGroup(plan, clock, { ...EFFORT, rounds, runtime })];
    const sizes = Object.fromEntries(GROWING.map((connections) => [`${connections} connections`, connections]));
    const growing = Object.keys(sizes);
    for (const name of growing) clients.set(name, await openClient(contenders[imds], sizes[name]));
    samples.push(
      await harness.measureGroup(
        {
          name: "IMDS credentials by connections",
          unit: "ops/s",
          contenders: growing,
          comparisons: growing.slice(1).map((name) => ({ name, against: growing[0] })),
          growth: { parameter: "connections", sizes, each: true },
        },
        clock,
        { ...GROWTH_EFFORT, rounds, runtime },
      ),
    );
    return samples;
  } finally {
    child.kill();
  }
}

async function startServers(runtime, program, bundle) {
  const args = runtime === "deno" ? ["run", "--no-prompt", "--allow-net", "--allow-env", bundle] : [bundle];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env: { PATH: process.env.PATH } });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`the servers of ${runtime} ended with ${signal ?? code}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve({ child, contenders: JSON.parse(line) }));
  });
}

/** Connects, and answers what does so many reads, each connection one after the other, and says how long they took. */
async function openClient({ port, path, headers }, connections) {
  const fields = Object.entries({ Host: `127.0.0.1:${port}`, ...headers });
  const request = Buffer.from(
    `GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
  const answerLength = await lengthOfAnswer(port, request);
  const sockets = await Promise.all(Array.from({ length: connections }, () => openSocket(port)));
  return (operations) =>
    new Promise((resolve, reject) => {
      let unsent = operations;
      let unanswered = operations;
      const start = performance.now();
      const finish = () => {
        for (const socket of sockets) socket.removeAllListeners();
        resolve(performance.now() - start);
      };
      for (const socket of sockets) {
        let received = 0;
        socket.on("error", reject);
        socket.on("close", () => reject(new Error("a server closed a connection")));
        socket.on("data", (chunk) => {
          received += chunk.length;
          if (received > answerLength) return reject(new Error("an answer is longer than the first one"));
          if (received < answerLength) return;
          received = 0;
          if (--unanswered === 0) return finish();
          send();
        });
        const send = () => {
          if (unsent === 0) return;
          unsent--;
          socket.write(request);
        };
        send();
      }
    });
}

function openSocket(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.setNoDelay(true);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** Length of a good answer, which every later one has, too. */
async function lengthOfAnswer(port, request) {
  const socket = await openSocket(port);
  return await new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const [head, body] = text.split("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (body === undefined || body.length < length) return;
      socket.destroy();
      if (head.startsWith("HTTP/1.1 200 ") && body.includes('"ASIA')) resolve(text.length);
      else reject(new Error(`not an answer: ${head}`));
    });
    socket.write(request);
  });
}

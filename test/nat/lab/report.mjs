import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeRoute } from '../cases/connect.mjs';
import { PEERS } from '../cases/outage.mjs';

const at = (page) => fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url));

/** Family of cases -> the page that shows it, between two comments with its name, and how. */
const TABLES = {
  connect: { page: 'networks.md', make: connectTable },
  diagnosis: { page: 'networks.md', make: diagnosisTable },
  check: { page: 'networks.md', make: checkTable },
  // A whole run takes half an hour: rows that were not run stay as they are. The first cells name the row.
  outage: { page: 'reliability.md', make: outageTable, namedBy: 3 },
  long: { page: 'reliability.md', make: longTable, namedBy: 1 },
};

/** Prints a table per family, and with `write` puts those of whole families into the pages. */
export function writeReports(results, { write, whole }) {
  for (const [family, { page, make, namedBy }] of Object.entries(TABLES)) {
    const rows = results.filter((one) => one.family === family && one.row);
    if (rows.length === 0) continue;
    const table = make(rows);
    console.log(`\n${table}`);
    if (write && (namedBy || whole.includes(family))) replaceIn(at(page), family, table, namedBy);
    else if (write) console.log(`(not written: only a part of ${family} was run)`);
  }
}

function replaceIn(file, family, table, namedBy) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [begin, end] = [`<!-- laboratory: ${family} -->`, `<!-- end: ${family} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for "${family}": put ${begin} and ${end} there`);
  const before = text.slice(from + begin.length, to).trim();
  const now = namedBy ? merge(before, table, namedBy) : table;
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${now}\n\n${text.slice(to)}`);
}

/** Fresh rows over old ones; a cell that was not measured this time stays as it was, if the columns are still the same. */
function merge(before, table, namedBy) {
  const cellsOf = (row) => row.slice(2, -2).split(' | ');
  const nameOf = (row) => cellsOf(row).slice(0, namedBy).join(' | ');
  const rowOf = (cells) => `| ${cells.join(' | ')} |`;
  const [head, line, ...rows] = table.split('\n');
  const [oldHead, , ...oldRows] = before.split('\n').filter(Boolean);
  const fresh = new Map(rows.map((row) => [nameOf(row), row]));
  const kept = oldRows.map((row) => {
    const next = fresh.get(nameOf(row));
    fresh.delete(nameOf(row));
    if (!next || oldHead !== head) return next ?? row;
    return rowOf(cellsOf(next).map((cell, i) => cell || cellsOf(row)[i]));
  });
  return [head, line, ...kept, ...fresh.values()].join('\n');
}

const tableOf = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const failed = ({ complaints }) => complaints.length > 0;
const named = (engines) => [...new Set(engines)].map((name) => name[0].toUpperCase() + name.slice(1)).join(' and ');
const ms = (value) => (value === null || value === undefined ? 'never' : `${Math.round(value)}`);

function connectTable(results) {
  const pair = ({ ours, raw, ratio }) => `${ms(ours)} / ${ms(raw)} (${ratio.toFixed(2)})`;
  return tableOf(
    ['network', 'browsers', 'route', 'connected, ours / raw in ms', 'first message', 'first picture'],
    results.map((one) => [
      one.network,
      named(one.engines),
      describeRoute(one.row.routes) + (failed(one) ? ', **failed**' : ''),
      pair(one.row.connected),
      pair(one.row.message),
      pair(one.row.frame),
    ]),
  );
}

/** The browsers of one case side by side: `name, chromium` and `name, firefox`. */
function byBrowser(results, cellOf) {
  const names = [...new Set(results.map(({ name }) => name.replace(/, \w+$/, '')))];
  const cell = (name, engine) => {
    const one = results.find((r) => r.name === `${name}, ${engine}`);
    return one ? cellOf(one) + (failed(one) ? ' **failed**' : '') : '';
  };
  return names.map((name) => [name, cell(name, 'chromium'), cell(name, 'firefox')]);
}

const wordsOf = (results, name) => results.find((r) => r.name.startsWith(`${name}, `) && r.row?.message)?.row;

function diagnosisTable(results) {
  const seconds = ({ row }) => (row.seconds ? `${Math.max(...row.seconds)} s` : 'connects');
  return tableOf(
    ['what is wrong', 'Chromium', 'Firefox', 'what the error says'],
    byBrowser(results, seconds).map(([name, ...cells]) => {
      const { message = '', hint = '' } = wordsOf(results, name) ?? {};
      return [name, ...cells, `${message} → ${hint}`];
    }),
  );
}

function checkTable(results) {
  const verdict = ({ row }) => `${row.verdict}, case ${row.case ?? 'unknown'}`;
  return tableOf(
    ['network', 'Chromium', 'Firefox', 'summary'],
    byBrowser(results, verdict).map(([name, ...cells]) => {
      const { row } = results.find((r) => r.name.startsWith(`${name}, `));
      return [name, ...cells, row.summary];
    }),
  );
}

function outageTable(results) {
  const lost = (r) => r.toA.lost + r.toB.lost;
  const cell = (r) => (r ? (r.failed ? 'did not connect' : `${ms(r.mediaMs)} / ${ms(r.dataMs)} / ${lost(r)}`) : '');
  return tableOf(
    [
      'what happens',
      'browser',
      'path',
      'ours: media / data back after ms / messages lost',
      'raw',
      'simple-peer',
      'PeerJS',
      'trystero',
    ],
    results.map((one) => [
      one.faultName,
      named(one.engines),
      one.path,
      cell(one.row.ours) + (failed(one) ? ' **missed**' : ''),
      ...PEERS.map((kind) => cell(one.row[kind])),
    ]),
  );
}

function longTable(results) {
  const back = ({ median, worst, missing }) => `${ms(median)} / ${ms(worst)}${missing ? ` (${missing} later)` : ''}`;
  const sum = ({ toA, toB }, key) => toA[key] + toB[key];
  const heap = (heaps) => heaps?.map(({ early, late }) => `${kb(early)} → ${kb(late)}`).join(', ') ?? 'not told';
  return tableOf(
    [
      'browser',
      'minutes',
      'outages',
      'media back after ms, median / worst',
      'data',
      'messages',
      'lost / twice / out of order',
      'heap of the two pages in kB, early → late',
      'connections made',
    ],
    results.map((one) => [
      named(one.engines) + (failed(one) ? ' **failed**' : ''),
      one.row.minutes,
      one.row.outages,
      back(one.row.media),
      back(one.row.data),
      sum(one.row, 'sent'),
      ['lost', 'repeated', 'disordered'].map((key) => sum(one.row, key)).join(' / '),
      heap(one.row.heap),
      one.row.connections.map(({ made }) => made).join(' / '),
    ]),
  );
}

const kb = (bytes) => Math.round(bytes / 1000);

// The picture of the results: one bar for each row, its length the requests per second, with a mark
// where the floor is. Each storage has a panel for what moves money and one for what reads.
import type { Row } from "./measure.ts";

const width = 900;
const labelWidth = 190;
const barHeight = 14;
const barGap = 3;
const groupGap = 10;
const titleHeight = 44;
const valueWidth = 150;
const colours = ["#9ecae1", "#4292c6", "#08519c"];
const floorColour = "#d94801";

const storages = { disk: "disk", memory: "memory file system" } as const;

interface Panel {
  readonly title: string;
  readonly rows: readonly Row[];
}

export function nameOf({ scenario, entries }: Row): string {
  return entries === undefined ? scenario : `${scenario} of ${entries.toLocaleString("en-US")}`;
}

function panelsOf(rows: readonly Row[]): Panel[] {
  const kinds = [
    { title: "Moving money", holds: (row: Row) => row.floorRequestsPerSecond !== undefined },
    { title: "Reading and mixed", holds: (row: Row) => row.floorRequestsPerSecond === undefined },
  ];
  return (["disk", "memory"] as const).flatMap((storage) =>
    kinds.flatMap(({ title, holds }) => {
      const own = rows.filter((row) => row.storage === storage && holds(row));
      const full = `${title}, requests per second (${storages[storage]})`;
      return own.length === 0 ? [] : [{ title: full, rows: own }];
    }),
  );
}

function text(x: number, y: number, content: string, style = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${style}>${escaped}</text>`;
}

function rectangle(x: number, y: number, wide: number, high: number, fill: string): string {
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}"`;
  return `<rect ${place} width="${wide.toFixed(1)}" height="${high}" fill="${fill}"/>`;
}

function floorX({ floorRequestsPerSecond = 0 }: Row, scale: number): number {
  return labelWidth + floorRequestsPerSecond * scale;
}

/** One bar with its value and its floor. */
function drawBar(row: Row, y: number, scale: number, colour: string): string {
  const { requestsPerSecond, floorRequestsPerSecond: floor, concurrency } = row;
  const length = requestsPerSecond * scale;
  const ratio = row.ratioToFloor === undefined ? "" : ` (${row.ratioToFloor.toFixed(2)})`;
  const value = `${Math.round(requestsPerSecond)}${ratio}, ${concurrency} conn.`;
  const bar = rectangle(labelWidth, y, length, barHeight, colour);
  const mark = rectangle(floorX(row, scale) - 1, y - 1, 2, barHeight + 2, floorColour);
  const end = Math.max(labelWidth + length, floorX(row, scale));
  const label = text(end + 6, y + barHeight - 3, value, 'class="value"');
  return [bar, ...(floor === undefined ? [] : [mark]), label].join("\n");
}

/** Returns the drawing and where it ends. */
function drawPanel(panel: Panel, top: number): { readonly svg: string; readonly end: number } {
  const values = panel.rows.flatMap((row) => [
    row.requestsPerSecond,
    row.floorRequestsPerSecond ?? 0,
  ]);
  const scale = (width - labelWidth - valueWidth) / Math.max(...values, 1);
  const levels = [...new Set(panel.rows.map((row) => row.concurrency))].toSorted((a, b) => a - b);
  const parts = [text(12, top + 26, panel.title, 'class="title"')];
  let y = top + titleHeight;
  for (const [name, group] of Map.groupBy(panel.rows, nameOf)) {
    const middle = y + (group.length * (barHeight + barGap)) / 2 + 3;
    parts.push(text(labelWidth - 10, middle, name, 'text-anchor="end"'));
    for (const row of group) {
      const colour = colours[levels.indexOf(row.concurrency) % colours.length]!;
      parts.push(drawBar(row, y, scale, colour));
      y += barHeight + barGap;
    }
    y += groupGap;
  }
  return { svg: parts.join("\n"), end: y };
}

/** A complete SVG document. */
export function draw(rows: readonly Row[]): string {
  let y = 0;
  const parts: string[] = [];
  for (const panel of panelsOf(rows)) {
    const drawn = drawPanel(panel, y);
    parts.push(drawn.svg);
    y = drawn.end;
  }
  const legend = "Orange: the floor in the same run. In brackets: the ratio to it.";
  parts.push(text(12, y + 16, legend, 'class="value"'));
  const size = `width="${width}" height="${y + 30}"`;
  const style = `.title { font-size: 16px; font-weight: bold } .value { font-size: 11px }`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="13">
<style>${style}</style>
<rect width="100%" height="100%" fill="white"/>
${parts.join("\n")}
</svg>
`;
}

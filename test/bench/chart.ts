import type { HistoryFigures } from './history.ts';
import type { Part } from './kept.ts';

interface Bar {
  readonly name: string;
  /** To what it is compared with; 1 is as fast. */
  readonly value: number;
  /** The goal, and whether more is better. */
  readonly goal: number;
  readonly isMoreBetter: boolean;
}

const [width, rowHeight, left, right] = [760, 30, 300, 60];
/** Ratios on the axis. */
const longest = 4;

function barsOf({ ingestSpeed, queries }: HistoryFigures): readonly Bar[] {
  const more = (name: string, value: number, goal: number): Bar => ({
    name,
    value,
    goal,
    isMoreBetter: true,
  });
  const less = (name: string, value: number, goal: number): Bar => ({
    name,
    value,
    goal,
    isMoreBetter: false,
  });
  return [
    more('ingest, speed to raw without encryption', ingestSpeed.againstRaw.middle, 0.7),
    more('ingest, speed to Dexie, same encryption', ingestSpeed.againstDexie.middle, 1.2),
    less('newest 50, time to raw', queries.page.againstRaw.middle, 1.5),
    less('newest 50, just woken, time to raw', queries.woken.againstRaw.middle, 1.5),
    less('by id, time to raw', queries.find.againstRaw.middle, 1.5),
    less('my recallable, time to raw', queries.mine.againstRaw.middle, 1.5),
    less('recall, time to raw get and put', queries.recall.againstRaw.middle, 3),
  ];
}

/** The history's ratios of one browser as an SVG picture: bars, each with its goal as a line. */
export function draw({ browser, figures }: Part<'history'>): string {
  const bars = barsOf(figures);
  const height = 50 + bars.length * rowHeight;
  const at = (value: number): number =>
    left + (Math.min(value, longest) / longest) * (width - left - right);
  const rows = bars.map(({ name, value, goal, isMoreBetter }, i) => {
    const y = 40 + i * rowHeight;
    const isMet = isMoreBetter ? value >= goal : value <= goal;
    const x = at(goal).toFixed(1);
    return [
      `<text x="${left - 10}" y="${y + 15}" text-anchor="end">${name}</text>`,
      `<rect x="${left}" y="${y}" width="${(at(value) - left).toFixed(1)}" height="20" fill="${isMet ? '#2a7de1' : '#c2571a'}"/>`,
      `<line x1="${x}" y1="${y - 3}" x2="${x}" y2="${y + 23}" stroke="#222" stroke-width="2"/>`,
      `<text x="${(at(Math.max(value, goal)) + 6).toFixed(1)}" y="${y + 15}">${value.toFixed(2)} × ${isMet ? '' : 'missed'}</text>`,
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/><text x="10" y="22" font-size="15" font-weight="600">${browser}: Unsay’s history to what it is compared with; the line is the goal</text>${rows.join('')}</svg>\n`;
}

// Positions in a transcript. The page shows marker letters among the words; the server counts the
// text alone, in Unicode code points. Here the one becomes the other, exactly.

export interface Span {
  start: number;
  end: number;
  words: string;
}

const APART = ".tag, [data-apart]";
const WORD = /[\p{L}\p{N}\p{M}_]/u;
const JOINS = /['’\-]/;

/** Text nodes of a turn's own words, without the letters of markers. */
function nodes(said: Element): Text[] {
  const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) =>
      node.parentElement?.closest(APART) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  });
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

const count = (text: string): number => [...text].length;

/** Code points of a turn before a place in the page. */
function before(said: Element, node: Node, offset: number): number {
  const edge = document.createRange();
  edge.setStart(node, offset);
  edge.collapse(true);
  let total = 0;
  for (const text of nodes(said)) {
    if (text === node) return total + count(text.data.slice(0, offset));
    const whole = document.createRange();
    whole.selectNodeContents(text);
    if (edge.compareBoundaryPoints(Range.START_TO_START, whole) <= 0) return total;
    total += count(text.data);
  }
  return total;
}

export const base = (said: HTMLElement): number => Number(said.dataset.start);

export function textOf(said: Element): string[] {
  return [...nodes(said).map((node) => node.data).join("")];
}

/** The span of a selection, snapped to words; null where it holds none. */
export function spanOf(said: HTMLElement, range: Range): Span | null {
  const points = textOf(said);
  const at = document.createRange();
  at.selectNodeContents(said);
  const startsBefore = range.compareBoundaryPoints(Range.START_TO_START, at) < 0;
  const endsAfter = range.compareBoundaryPoints(Range.END_TO_END, at) > 0;
  let start = startsBefore ? 0 : before(said, range.startContainer, range.startOffset);
  let end = endsAfter ? points.length : before(said, range.endContainer, range.endOffset);
  const word = (place: number): boolean => WORD.test(points[place] ?? "");
  const inside = (place: number): boolean =>
    word(place) || (JOINS.test(points[place] ?? "") && word(place - 1) && word(place + 1));
  while (start < end && !word(start)) start += 1;
  while (end > start && !word(end - 1)) end -= 1;
  if (start >= end) return null;
  while (start > 0 && inside(start - 1)) start -= 1;
  while (end < points.length && inside(end)) end += 1;
  return { start: start + base(said), end: end + base(said), words: points.slice(start, end).join("") };
}

/** Something to be put in an order. */
export interface Orderable {
  readonly id: string;
  /** Where nothing else decides, the smaller comes first; then the order given. */
  readonly rank: number;
}

/** `before` comes before `after`; where edges close a circle, a guess gives way before a certainty. */
export interface Edge {
  readonly before: string;
  readonly after: string;
  readonly strength: "certain" | "guess";
}

/** The items in an order that keeps every edge it can, the same for the same input, and each circle of certain edges, of which it could not keep one. */
export function orderSteps<T extends Orderable>(
  items: readonly T[],
  edges: readonly Edge[],
): { readonly ordered: readonly T[]; readonly circles: readonly (readonly T[])[] } {
  const nodes = linkNodes(items, edges);
  const free = makeHeap<Node<T>>((one, other) => one.item.rank - other.item.rank || one.index - other.index);
  for (const node of nodes) if (node.waitsFor.size === 0) free.push(node);
  const ordered: T[] = [];
  const circles: (readonly T[])[] = [];
  while (ordered.length < items.length) {
    const node = free.pop();
    if (node !== undefined) {
      ordered.push(node.item);
      node.isDone = true;
      for (const after of node.leadsTo) if (release(after, node)) free.push(after);
      continue;
    }
    const cut = chooseCut(nodes);
    if (cut.edge.strength === "certain") circles.push(cut.circle);
    if (release(cut.after, cut.before)) free.push(cut.after);
  }
  return { ordered, circles };
}

interface Node<T> {
  readonly item: T;
  readonly index: number;
  readonly waitsFor: Map<Node<T>, Edge>;
  readonly leadsTo: Set<Node<T>>;
  isDone: boolean;
}

function linkNodes<T extends Orderable>(items: readonly T[], edges: readonly Edge[]): readonly Node<T>[] {
  const nodes = items.map((item, index): Node<T> => ({
    item,
    index,
    waitsFor: new Map(),
    leadsTo: new Set(),
    isDone: false,
  }));
  const byId = new Map(nodes.map((node) => [node.item.id, node]));
  for (const edge of edges) {
    const before = byId.get(edge.before);
    const after = byId.get(edge.after);
    if (before === undefined || after === undefined || before === after) continue;
    if (after.waitsFor.get(before)?.strength === "certain") continue;
    after.waitsFor.set(before, edge);
    before.leadsTo.add(after);
  }
  return nodes;
}

/** True where the node waits for nothing any more because of it. */
function release<T>(node: Node<T>, before: Node<T>): boolean {
  return node.waitsFor.delete(before) && node.waitsFor.size === 0 && !node.isDone;
}

interface Cut<T> {
  readonly before: Node<T>;
  readonly after: Node<T>;
  readonly edge: Edge;
}

/** An edge of some circle; the first guess on it, or else its first edge. Everything left waits, so that walking back finds one. */
function chooseCut<T>(nodes: readonly Node<T>[]): Cut<T> & { readonly circle: readonly T[] } {
  const path: Cut<T>[] = [];
  const seenAt = new Map<Node<T>, number>();
  let node = nodes.find((candidate) => !candidate.isDone);
  while (node !== undefined && !seenAt.has(node)) {
    seenAt.set(node, path.length);
    const [next]: readonly (readonly [Node<T>, Edge])[] = [...node.waitsFor];
    if (next === undefined) break;
    path.push({ before: next[0], after: node, edge: next[1] });
    node = next[0];
  }
  const circle = path.slice(node === undefined ? 0 : (seenAt.get(node) ?? 0));
  const cut = circle.find(({ edge }) => edge.strength === "guess") ?? circle[0];
  if (cut === undefined) throw new Error("Nothing is free and nothing waits.");
  return { ...cut, circle: circle.map(({ after }) => after.item) };
}

interface Heap<T> {
  readonly push: (item: T) => void;
  readonly pop: () => T | undefined;
}

function makeHeap<T>(compare: (one: T, other: T) => number): Heap<T> {
  const items: T[] = [];
  const isBefore = (one: number, other: number): boolean => {
    const [first, second] = [items[one], items[other]];
    return first !== undefined && second !== undefined && compare(first, second) < 0;
  };
  const swap = (one: number, other: number): void => {
    const [first, second] = [items[one], items[other]];
    if (first === undefined || second === undefined) return;
    items[one] = second;
    items[other] = first;
  };
  return {
    push: (item) => {
      items.push(item);
      for (let at = items.length - 1; at > 0;) {
        const up = (at - 1) >> 1;
        if (!isBefore(at, up)) break;
        swap(at, up);
        at = up;
      }
    },
    pop: () => {
      swap(0, items.length - 1);
      const top = items.pop();
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const child = isBefore(right, left) ? right : left;
        if (!isBefore(child, at)) break;
        swap(at, child);
        at = child;
      }
      return top;
    },
  };
}

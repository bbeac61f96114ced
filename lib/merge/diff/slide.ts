import type { Side } from "./side";

/**
 * Moves groups of changed lines as far down as equal lines allow, joining groups that touch, or to where they
 * face a change of the other side. Git settles ambiguous groups this way before it merges.
 */
export function slideChanges(side: Side, other: Side): void {
  const group = new Group(side);
  const facing = new Group(other);
  do {
    if (!group.isEmpty) settle(group, facing);
  } while (group.toNext() && facing.toNext());
}

function settle(group: Group, facing: Group): void {
  let size: number;
  let top: number;
  let faced: boolean;
  do {
    size = group.size;
    while (group.slideUp()) facing.toPrevious();
    top = group.end;
    faced = !facing.isEmpty;
    while (group.slideDown()) {
      facing.toNext();
      faced ||= !facing.isEmpty;
    }
  } while (size !== group.size);
  if (group.end === top || !faced) return;
  while (facing.isEmpty) {
    group.slideUp();
    facing.toPrevious();
  }
}

/** A possibly empty group of changed lines; there is one before, between and after all unchanged lines. */
class Group {
  private start = 0;
  end = 0;

  constructor(private readonly side: Side) {
    this.absorbDown();
  }

  get size(): number {
    return this.end - this.start;
  }

  get isEmpty(): boolean {
    return this.end === this.start;
  }

  toNext(): boolean {
    if (this.end >= this.side.ids.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.absorbDown();
    return true;
  }

  toPrevious(): boolean {
    if (this.start === 0) return false;
    this.end = this.start - 1;
    this.start = this.end;
    this.absorbUp();
    return true;
  }

  slideDown(): boolean {
    const { ids, changed } = this.side;
    if (this.end >= ids.length || ids[this.start] !== ids[this.end]) return false;
    changed[this.start++] = 0;
    changed[this.end++] = 1;
    this.absorbDown();
    return true;
  }

  slideUp(): boolean {
    const { ids, changed } = this.side;
    if (this.start === 0 || ids[this.start - 1] !== ids[this.end - 1]) return false;
    changed[--this.start] = 1;
    changed[--this.end] = 0;
    this.absorbUp();
    return true;
  }

  private absorbDown(): void {
    while (this.side.changed[this.end] === 1) this.end++;
  }

  private absorbUp(): void {
    while (this.side.changed[this.start - 1] === 1) this.start--;
  }
}

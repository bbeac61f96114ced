import { processors } from "./machine";

export interface Figures {
  name: string;
  median: number;
  p95: number;
  /** The same of the processors' time. */
  cpuMedian: number;
  cpu: number;
  /** Requests that were made again because the host disturbed them. */
  disturbed: number;
}

export interface Times {
  wall: number[];
  cpu: number[];
  /** Requests that were made again. */
  disturbed?: number;
}

/** Milliseconds by the clock and of the processors: on a machine with other work to do they differ. */
export async function time(
  work: () => Promise<unknown>,
  times: Times,
  others: () => number = () => 0,
): Promise<void> {
  const [before, theirs] = [process.cpuUsage(), others()];
  const begin = performance.now();
  await work();
  times.wall.push(performance.now() - begin);
  const { user, system } = process.cpuUsage(before);
  times.cpu.push((user + system) / 1000 + others() - theirs);
}

export function summary(name: string, { wall, cpu, disturbed = 0 }: Times): Figures {
  const at = (values: readonly number[], share: number) => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  };
  return {
    name,
    median: at(wall, 0.5),
    p95: at(wall, 0.95),
    cpuMedian: at(cpu, 0.5),
    cpu: at(cpu, 0.95),
    disturbed,
  };
}

/** So many more requests of a kind are made at most, in place of those that the host disturbed. */
const MOST_AGAIN = 3;

/** Measures so many requests; one during which the host gave a processor to another machine says nothing and is made again. */
export async function timeUndisturbed(
  work: (round: number) => Promise<unknown>,
  rounds: number,
  others?: () => number,
): Promise<Times> {
  const times: Times = { wall: [], cpu: [] };
  let disturbed = 0;
  for (let round = 1; round <= rounds + disturbed; round++) {
    const [before, one]: [number, Times] = [processors()?.stolen ?? 0, { wall: [], cpu: [] }];
    await time(() => work(round), one, others);
    if ((processors()?.stolen ?? 0) > before && disturbed < rounds * MOST_AGAIN) disturbed++;
    else {
      times.wall.push(...one.wall);
      times.cpu.push(...one.cpu);
    }
  }
  return { ...times, disturbed };
}

/**
 * The middle of some numbers.
 *
 * @throws {Error} When there are none.
 */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  if (lower === undefined || upper === undefined)
    throw new Error('There is nothing in the middle.');
  return (lower + upper) / 2;
}

/** A median with how far the middle half of the numbers reaches around it. */
export interface Spread {
  readonly middle: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The median and the quartiles.
 *
 * @throws {Error} When there are no numbers.
 */
export function spread(numbers: readonly number[]): Spread {
  const middle = median(numbers);
  return {
    middle,
    from: median(numbers.filter((number) => number <= middle)),
    to: median(numbers.filter((number) => number >= middle)),
  };
}

/**
 * One ratio for every two in a row, between which the order of what is compared was turned: their
 * geometric mean, in which whatever comes of coming second is cancelled.
 *
 * @throws {Error} When one is left over.
 */
export function balance(ratios: readonly number[]): number[] {
  if (ratios.length % 2 !== 0) throw new Error('One ratio has no counterpart.');
  return ratios.flatMap((ratio, at) => {
    const before = ratios[at - 1];
    return at % 2 === 0 || before === undefined ? [] : [Math.sqrt(before * ratio)];
  });
}

/** Questions on the way to the service at once; one that is answered late must not hold up all. */
const mostUnderWay = 4;
/** So many may leave at once; then one each `gap`, ms. Nobody who clicks is ever kept waiting. */
const burst = 5;
const shortestGap = 50;
/** The gap after the service asked to slow down: doubled each time it asks again. */
const gapOnRequest = { first: 500, longest: 8_000 } as const;

/** How a question went, as far as the pace is concerned. */
export type Pace = 'answered' | 'too-many';

interface Waiting {
  readonly deadline: number;
  readonly go: () => void;
}

/**
 * Where questions wait for their departure: the one with the earliest deadline goes first, and all
 * slow down together when the service asks for it.
 */
export class Line {
  #waiting: Waiting[] = [];
  #underWay = 0;
  #room = burst;
  #gap = shortestGap;
  #refill: ReturnType<typeof setTimeout> | undefined;
  #isCalled = false;

  /** Whether a question that enters alone departs at once. */
  get isFree(): boolean {
    return this.#waiting.length === 0 && this.#room > 0 && this.#underWay < mostUnderWay;
  }

  /**
   * Takes a place. Resolves when it is this question's turn, with the function that must be called
   * once it was answered or dropped. `isAlone`: no others enter together with it that might go first.
   */
  enter(deadline: number, isAlone = false): Promise<(pace: Pace) => void> {
    return new Promise((resolve) => {
      const go = (): void => {
        resolve((pace) => {
          this.#leave(pace);
        });
      };
      this.#waiting.push({ deadline, go });
      if (isAlone) this.#depart();
      else this.#call();
    });
  }

  /** Lets the first depart, once all have entered who do so at the same moment, as on connecting. */
  #call(): void {
    if (this.#isCalled) return;
    this.#isCalled = true;
    soon(() => {
      this.#isCalled = false;
      this.#depart();
    });
  }

  #leave(pace: Pace): void {
    this.#underWay -= 1;
    if (pace === 'answered') this.#gap = shortestGap;
    else {
      const { first, longest } = gapOnRequest;
      this.#gap = this.#gap < first ? first : Math.min(this.#gap * 2, longest);
      this.#room = 0;
      clearTimeout(this.#refill);
      this.#refill = undefined;
    }
    this.#depart();
  }

  #depart(): void {
    while (this.#room > 0 && this.#underWay < mostUnderWay) {
      const [first] = this.#waiting.sort((one, other) => one.deadline - other.deadline);
      if (!first) break;
      this.#waiting = this.#waiting.filter((other) => other !== first);
      this.#underWay += 1;
      this.#room -= 1;
      first.go();
    }
    if (this.#room === burst || this.#refill !== undefined) return;
    this.#refill = setTimeout(() => {
      this.#refill = undefined;
      this.#room += 1;
      this.#depart();
    }, this.#gap);
  }
}

/** Does something after everything that is to happen in this turn. No timer: those may be slowed. */
function soon(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    work();
  };
  port2.postMessage(undefined);
}

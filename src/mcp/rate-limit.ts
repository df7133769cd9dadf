/** A bucket of tokens for each key. */
export interface RateLimit {
  /** Takes one; 0 where it was there, else the milliseconds until the next one is. */
  readonly take: (key: string) => number;
  /** The milliseconds until the next one is there, without taking it. */
  readonly wait: (key: string) => number;
}

export interface RateLimitSettings {
  /** 0 is no limit. */
  readonly perMinute: number;
  /** How many may come at once. */
  readonly burst: number;
  readonly now: () => number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Keys over it push out the oldest, so that made-up keys cannot fill the memory. */
const mostKeys = 10_000;

export function createRateLimit({ perMinute, burst, now }: RateLimitSettings): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  const refill = (key: string): Bucket => {
    const at = now();
    const bucket = buckets.get(key) ?? { left: burst, at };
    bucket.left = Math.min(burst, bucket.left + (at - bucket.at) * perMs);
    bucket.at = at;
    return bucket;
  };
  const missing = ({ left }: Bucket): number => (left >= 1 ? 0 : Math.ceil((1 - left) / perMs));
  return {
    take: (key) => {
      if (perMinute === 0) return 0;
      const bucket = refill(key);
      const waitMs = missing(bucket);
      if (waitMs === 0) bucket.left -= 1;
      buckets.delete(key);
      buckets.set(key, bucket);
      for (const oldest of buckets.keys()) {
        if (buckets.size <= mostKeys) break;
        buckets.delete(oldest);
      }
      return waitMs;
    },
    wait: (key) => (perMinute === 0 ? 0 : missing(refill(key))),
  };
}

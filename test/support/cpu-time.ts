/** Milliseconds of processor time that this process spends while `work` runs: unlike the clock's, they do not grow on a busy machine. */
export async function cpuTimeMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

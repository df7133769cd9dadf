import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { slowFiles } from "./slow-files.ts";

/** The order of a run: the slow files, then the others with a process each, then those that share processes. */
export class SlowestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const place = slowFiles.indexOf(relative(root, moduleId).replaceAll("\\", "/"));
      if (place !== -1) return place;
      return project.config.isolate ? slowFiles.length : slowFiles.length + 1;
    };
    return specifications.toSorted((a, b) => rank(a) - rank(b));
  }
}

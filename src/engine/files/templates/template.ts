/** What a template is given. */
export interface TemplateFacts {
  readonly name: string;
  readonly subject?: string;
  readonly purpose?: string;
}

/** Ready SQL with its way back, or a sentence that says which subject is needed. */
export type RenderedTemplate =
  | {
      readonly kind: "rendered";
      readonly sql: string;
      /** Undefined where there is nothing to undo yet. */
      readonly rollback: string | undefined;
    }
  | { readonly kind: "needs_subject"; readonly message: string };

export type Template = (facts: TemplateFacts) => RenderedTemplate;

/** What stands in an object's comment: the given purpose, else the migration's name in words. */
export function purposeOf(facts: TemplateFacts): string {
  const purpose = facts.purpose?.trim() ?? "";
  return purpose === "" ? facts.name.replaceAll("_", " ") : purpose;
}

export function needsSubject(message: string): RenderedTemplate {
  return { kind: "needs_subject", message };
}

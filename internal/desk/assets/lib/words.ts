import catalogue from "../../../lang/words/island.en.json";

// Words of the islands. The page gives them in the user's language as JSON in #words; what is missing
// there falls back to English. A word with plural forms is an object of CLDR categories, chosen by
// the argument n.

type Word = string | Record<string, string>;
type Bare<K> = K extends `island.${infer Name}` ? Name : never;
export type Key = Bare<keyof typeof catalogue>;

const english = catalogue as Record<string, Word>;

let given: Record<string, Word> | undefined;
let plural: Intl.PluralRules | undefined;

function load(): Record<string, Word> {
  if (given) return given;
  const text = globalThis.document?.getElementById("words")?.textContent ?? "{}";
  try {
    given = JSON.parse(text) as Record<string, Word>;
  } catch {
    given = {};
  }
  return given;
}

/** uiLang is the language of the desk's screens. */
export function uiLang(): string {
  return globalThis.document?.documentElement.lang || "en";
}

/** t is the word for key with its arguments filled in: t("saved", { time: "18:19" }). */
export function t(key: Key, args: Record<string, string | number> = {}): string {
  const words = load();
  const own = words[key];
  let word: Word = own ?? english[`island.${key}`] ?? "";
  if (typeof word !== "string") {
    plural ??= new Intl.PluralRules(own ? uiLang() : "en");
    const forms: Record<string, string> = word;
    word = forms[plural.select(Number(args.n ?? 0))] ?? forms.other ?? "";
  }
  return word.replace(/\{(\w+)\}/g, (whole: string, name: string) => (name in args ? String(args[name]) : whole));
}

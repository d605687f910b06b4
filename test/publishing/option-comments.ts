import { join } from 'node:path';
import ts from 'typescript';

/** Everything that a user of the packages writes options into. */
const WRITTEN = `
import type {
  EvaluateOptions, ExportOptions, FineTuneOptions, GenerateOptions, PreviewOptions, ScoreOptions, SweepOptions,
  TrainingOptionsInput, VerifyOptions, VerifyRunOptions,
} from '@counterweight/core';
import type { CodeOptionsInput } from '@counterweight/recipe-code';
import type { EducationOptionsInput } from '@counterweight/recipe-education';
import type { RetailOptionsInput } from '@counterweight/recipe-retail';
import type { SupportOptionsInput } from '@counterweight/recipe-support';
import type { PairOptionsInput, ReplyOptionsInput } from '@counterweight/recipe-translation';

export interface Written {
  fineTune: FineTuneOptions<object>;
  training: TrainingOptionsInput;
  evaluate: EvaluateOptions<object>;
  generate: GenerateOptions<object>;
  preview: PreviewOptions<object>;
  score: ScoreOptions<object>;
  sweep: SweepOptions<object>;
  verify: VerifyOptions<object>;
  verifyRun: VerifyRunOptions;
  exportModel: ExportOptions;
  code: CodeOptionsInput;
  limits: NonNullable<CodeOptionsInput['limits']>;
  education: EducationOptionsInput;
  retail: RetailOptionsInput;
  support: SupportOptionsInput;
  translate: PairOptionsInput;
  reply: ReplyOptionsInput;
}
`;

/**
 * The options that an editor would show without a comment, such as `training.epochs`, to a program in this folder, and
 * whatever the compiler has against such a program.
 */
export function undocumentedOptions(folder: string, options: ts.CompilerOptions): string[] {
  const file = join(folder, 'written-options.ts');
  const program = ts.createProgram([file], { ...options, noEmit: true }, withFile(file, options));
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file) as ts.SourceFile;
  const faults = program.getSemanticDiagnostics(source);
  const module = checker.getSymbolAtLocation(source) as ts.Symbol;
  const groups = checker
    .getExportsOfModule(module)
    .flatMap((one) => checker.getDeclaredTypeOfSymbol(one).getProperties());
  const silent = groups.flatMap((group) => {
    const all = optionsOf(checker.getTypeOfSymbol(group));
    if (all.length === 0) return [`${group.name} has no options`];
    return all
      .filter((option) => option.getDocumentationComment(checker).length === 0)
      .map((option) => `${group.name}.${option.name}`);
  });
  return [...faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')), ...new Set(silent)];
}

/** The compiler's files, and one that is not there. */
function withFile(file: string, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.readFile = (path) => (path === file ? WRITTEN : readFile(path));
  host.getSourceFile = (path, version, ...rest) =>
    path === file ? ts.createSourceFile(path, WRITTEN, version) : getSourceFile(path, version, ...rest);
  return host;
}

/** Of alternatives, those of each. */
const optionsOf = (type: ts.Type): ts.Symbol[] =>
  type.isUnion() ? type.types.flatMap(optionsOf) : type.getProperties();

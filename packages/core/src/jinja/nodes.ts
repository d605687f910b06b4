import type { Value } from './values.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface CallArguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [name: string, value: Expression])[];
  /** `*args` and `**kwargs`. */
  readonly rest?: Expression | undefined;
  readonly namedRest?: Expression | undefined;
}

export type Expression = { readonly line: number } & (
  | { readonly type: 'constant'; readonly value: Value }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'tuple' | 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'dict'; readonly items: readonly (readonly [key: Expression, value: Expression])[] }
  | {
      readonly type: 'condition';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression | undefined;
    }
  | { readonly type: 'or' | 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'not'; readonly of: Expression }
  | { readonly type: 'sign'; readonly sign: '+' | '-'; readonly of: Expression }
  | {
      readonly type: 'compare';
      readonly first: Expression;
      readonly others: readonly (readonly [Comparison, Expression])[];
    }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'concat'; readonly parts: readonly Expression[] }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly type: 'item'; readonly of: Expression; readonly key: Expression }
  | {
      readonly type: 'slice';
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    }
  | { readonly type: 'call'; readonly callee: Expression; readonly args: CallArguments }
  | FilterNode
  | {
      readonly type: 'test';
      readonly name: string;
      readonly of: Expression;
      readonly args: CallArguments;
      readonly soft: boolean;
    }
);

/** A filter; `of` is undefined for the first of those that a block goes through. */
export interface FilterNode {
  readonly type: 'filter';
  readonly name: string;
  readonly of: Expression | undefined;
  readonly args: CallArguments;
  /** In a branch, where an unknown filter is an error only when it is come to. */
  readonly soft: boolean;
  readonly line: number;
}

export type Target =
  | { readonly type: 'name'; readonly name: string; readonly line: number }
  | { readonly type: 'tuple'; readonly items: readonly Target[]; readonly line: number }
  | { readonly type: 'namespace'; readonly name: string; readonly attribute: string; readonly line: number };

export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

export interface MacroNode {
  readonly type: 'macro';
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly line: number;
}

export interface ForNode {
  readonly type: 'for';
  readonly target: Target;
  readonly over: Expression;
  readonly filter: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly line: number;
}

export type Statement =
  | MacroNode
  | ForNode
  | ({ readonly line: number } & (
      | { readonly type: 'output'; readonly parts: readonly (string | Expression)[] }
      | {
          readonly type: 'if';
          readonly branches: readonly (readonly [test: Expression, body: readonly Statement[]])[];
          readonly otherwise: readonly Statement[];
        }
      | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
      | {
          readonly type: 'set-block';
          readonly target: Target;
          readonly filter: FilterNode | undefined;
          readonly body: readonly Statement[];
        }
      | {
          readonly type: 'with';
          readonly values: readonly (readonly [target: Target, value: Expression])[];
          readonly body: readonly Statement[];
        }
      | { readonly type: 'call-block'; readonly call: Expression; readonly caller: MacroNode }
      | { readonly type: 'filter-block'; readonly filter: FilterNode; readonly body: readonly Statement[] }
      | { readonly type: 'block'; readonly name: string; readonly scoped: boolean; readonly body: readonly Statement[] }
      | { readonly type: 'scope'; readonly body: readonly Statement[] }
      | { readonly type: 'generation'; readonly caller: MacroNode }
      | { readonly type: 'break' | 'continue' }
    ));

export { LONGEST_TEMPLATE, TemplateBudgetError } from './budget.ts';
export { JinjaError } from './errors.ts';
export { compileTemplate, type Template } from './template.ts';

export function registerOperations(_backend: string): void {}

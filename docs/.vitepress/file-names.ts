import type { MarkdownRenderer } from 'vitepress';

/** A block that is a file says its name after its language (```ts haiku.ts): the site shows it above the block. */
export const FILE_NAME = /^\S+ ([\w./-]+\.\w+)$/;

export function fileNames(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const block = fence?.(tokens, at, options, env, self) ?? '';
    const name = FILE_NAME.exec(tokens[at]?.info.trim() ?? '')?.[1];
    return name === undefined ? block : `<div class="file"><div class="file-name">${name}</div>${block}</div>`;
  };
}

import { stat } from 'node:fs/promises';
import {
  type AnyRecipe,
  type PreviewedExample,
  type Receipt,
  type RecipeRequest,
  resolveRecipe,
} from '@counterweight/core';
import type { Draft, RecipeSources } from './draft.ts';
import { openPreviewProcess } from './preview-process.ts';
import { type Previewed, receiptAtWeight } from './receipt-at-weight.ts';

/** Rows of which every token is shown. */
const SHOWN = 3;
/** However many rows are invalid, the others are shown. */
const ANY = Number.MAX_SAFE_INTEGER;

export interface DraftPreview {
  readonly recipe: AnyRecipe;
  readonly receipt: Receipt;
  readonly examples: readonly PreviewedExample[];
  /** Of the prompt, as it is or as the recipe has it. */
  readonly weight: number;
}

/** What a draft would train on. Rows and lengths are read once; another weight of the prompt costs nothing. */
export interface Previewer {
  /** @throws {UserError} what the preview says */
  preview(draft: Draft): Promise<DraftPreview>;
  close(): void;
}

export function createPreviewer(recipes: RecipeSources): Previewer {
  const process = openPreviewProcess();
  const previewAt = (recipe: RecipeRequest, { model, data, map, training }: Draft, weight: number) =>
    process.preview(recipe, {
      ...{ model, data, rows: SHOWN },
      training: { ...training, map, skipInvalid: ANY, promptLossWeight: weight },
    });
  /** The last one, for whoever asks for it: nobody who leaves may end it. */
  let kept: { key: string; previewed: Promise<Previewed> } | undefined;
  return {
    async preview(draft) {
      const { recipe: request, recipeOptions, training } = draft;
      const options = Object.keys(recipeOptions).length > 0 ? { recipeOptions } : {};
      const found = { recipe: request, ...options, ...recipes };
      const recipe = await resolveRecipe(found);
      const { promptLossWeight, ...others } = training;
      const weight = typeof promptLossWeight === 'number' ? promptLossWeight : recipe.defaults.promptLossWeight;
      const key = JSON.stringify([
        request,
        recipeOptions,
        draft.model,
        draft.data,
        await changed(draft.data),
        draft.map,
        others,
        weight === 0,
      ]);
      if (kept?.key !== key) kept = { key, previewed: previewAt(found, draft, weight === 0 ? 0 : 1) };
      const { previewed } = kept;
      try {
        return { recipe, weight, ...(weight === 0 ? await previewed : receiptAtWeight(await previewed, weight)) };
      } catch (error) {
        if (kept?.previewed === previewed) kept = undefined;
        throw error;
      }
    },
    close: process.close,
  };
}

const changed = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;

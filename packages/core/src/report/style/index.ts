import { pageStyle as page } from './page.ts';
import { palette } from './palette.ts';
import { partStyle } from './parts.ts';
import { plotStyle } from './plots.ts';
import { tokenStyle } from './tokens.ts';

/** The looks of our pages: the reader's light or dark, one column on a phone, ink on paper when printed. */
export const pageStyle = [palette, page, partStyle, plotStyle, tokenStyle].join('');

import { describe, expect, it } from 'vitest';
import { previewPage } from './preview-page.ts';

const page = previewPage({
  title: 'What <x> trains on',
  receipt: [{ label: 'rows', value: '1 kept', notes: ['"& more"'] }],
  promptShare: 0.25,
  examples: [
    {
      ids: [7, 8],
      weights: [0.1, 1],
      roles: ['user" onmouseover="alert(1)', 'assistant'],
      pieces: ['<script>alert(1)</script>', '&\n'],
      text: '',
    },
  ],
});

describe('previewPage', () => {
  it('escapes everything that comes from rows', () => {
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('What &lt;x&gt; trains on');
    expect(page).not.toMatch(/<script|onmouseover="/);
  });

  it('shows weight, role and id of every token, and the share of the prompt', () => {
    expect(page).toContain('title="assistant, weight 1, id 8"');
    expect(page).toContain('prompt 25.0 %');
  });

  it('needs nothing from anywhere', () => {
    expect(page).not.toMatch(/https?:|src=|@import|url\(/);
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
  });
});

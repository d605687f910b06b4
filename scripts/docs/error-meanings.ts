import type { UserErrorCode } from '@counterweight/core';

/** What each code of a `UserError` means and mostly comes from, for the page on what goes wrong. A new code needs a sentence. */
export const errorMeanings: Record<UserErrorCode, string> = {
  'file-not-found':
    'A file or folder that was named is not there, or may not be read. Mostly the path is meant from another folder, or a run was moved or stopped before it had a result.',
  'file-empty': 'A file of rows has nothing in it, or a header only. Mostly what was to write it failed before.',
  'file-malformed':
    'A file is there, but it is not what its kind has to be: a line that is no JSON, a quote that is never closed, another encoding than UTF-8, a table whose rows have too few fields. The place names line and column; what is made of unusual files is told in [rows and chat](rows-and-chat.md#files).',
  'row-invalid':
    "A row can be read, but does not fit the recipe: a field is missing, empty or of another type, or there is no answer to learn from. Mostly the columns have other names (`--map` says which is which) or a few rows are bad (`--skip-invalid N` leaves them out and counts them). [Metrics and rows](metrics.md) lists each recipe's fields.",
  'option-invalid':
    'An option does not exist, has a value that it cannot have, or contradicts another one. [Options](options.md) lists them all.',
  'model-invalid':
    'A file of the model is damaged, incomplete or contradicts another one: sizes that do not go together, a tensor that is missing, a shard that is not there. Mostly a download or a copy was cut short: fetch the model again.',
  'model-unsupported':
    'The model is whole, but this version does not know its architecture or one of its settings. Choose a model of a family that is known (README: llama, mistral, qwen2 and others), or the same model without that setting.',
  'model-unavailable':
    'The model could not be had from the hub: no network, no such name or revision, no permission, or a download that broke off. Run the same command again once the reason is gone: it goes on from where it was.',
  'hub-refused':
    'The hub did not take what `push` brought. Mostly there is no access token, or it may not write there.',
  'tokenizer-invalid':
    "The model's `tokenizer.json` is missing, damaged or of a kind that is not known, or lacks the token that ends an answer.",
  'tokenizer-mismatch':
    'The tokenizer has tokens that the model has no embedding for. Mostly the two come from different models.',
  'template-invalid': "The model's chat template cannot be read, or writes what its tokenizer does not have.",
  'template-refused':
    "The model's chat template does not take a row, or would leave out a part of it. Mostly it wants the user to speak first, or knows no tools. `--format plain` does without the template.",
  'template-unstable':
    "The model's chat template writes an answer otherwise than it asks for one, so that training would show another text than generation begins with.",
  'example-too-long':
    "A prompt to answer has no room: the model's context or the maximum length is shorter. Rows to train on are not refused for that, they are dropped and counted ([rows that are too long](rows-and-chat.md#rows-that-are-too-long)).",
  'nothing-to-train-on':
    'No row is left that could teach anything: all are too long, without an answer, of weight 0, or rows that are evaluated on. The message counts them by reason; `counterweight preview` shows the same before a training.',
  'recipe-invalid':
    'A recipe is not installed, does not load, is none, or fails on a row. Mostly its package is missing here (`npm install`), or it was written by hand and has a mistake.',
  'engine-unavailable':
    'The engine that was asked for does not work on this machine, or cannot do what was asked. `counterweight doctor` says which ones work and why others do not; leaving out `--engine` takes the fastest that works.',
  'installation-unsupported':
    "The package manager has laid the packages out in a way that Counterweight does not run from: Yarn's Plug'n'Play.",
  'memory-exceeded':
    'Training would need more memory than there is, and was not begun. Smaller batches, shorter rows, `--recompute`, bf16 or a base in 8 or 4 bits need less; `counterweight doctor --fits` says what fits here.',
  'training-diverged':
    'A loss, a gradient or a weight was no finite number any more. Mostly the learning rate is too high, or a row is broken.',
  'run-folder-in-use':
    'The output folder holds another run, another process is writing there, or there is none to resume. Choose another `--output`, or `--resume` the run that is there.',
  'output-in-use': 'Something is already in the place where a result was to go. Nothing was overwritten.',
  'studio-in-use': 'Another studio has this folder open.',
  'launcher-unavailable':
    "The program that talks to a cluster's scheduler (sbatch, kubectl) is not on this machine. Launch from one that has it, or submit by hand what `sweep print` writes.",
  'launcher-refused':
    "A cluster's scheduler refused what it was asked for: a partition that is not there, a token that is not right, more than one may ask for. The message is the scheduler's own.",
  'storage-unreachable':
    'Object storage (`s3://`) does not answer, or its answers break off. Mostly its address is another one, or the network is away; what waits for it goes on when it is back.',
  'storage-refused':
    'Object storage (`s3://`) answers, and does not do what it was asked for: there is no such bucket, or the key is not right or may not do that. The message is its own.',
  'output-unwritable':
    'A file or folder cannot be written: the disk is full or read-only, or permission is missing. What was trained is not lost: the message says where it is.',
  'checkpoint-invalid':
    'A checkpoint that a run was to go on from is damaged, or another version or other options wrote it. The run can go on from the one before it.',
};

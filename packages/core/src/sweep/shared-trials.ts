/**
 * Where trials lie for machines that see no folder together, such as object storage: each trial is asked for there, done in
 * a folder of this machine, and brought there.
 */
export interface SharedTrials {
  /**
   * Takes a trial, and puts into its folder what there is of it: the run up to its last checkpoint, or what it came to.
   * @param folder `SWEEP/trials/HASH` on this machine, of which no process is at work in it
   * @returns `elsewhere` while another process has it
   */
  claim(folder: string): Promise<TrialClaim | 'done' | 'elsewhere'>;
}

/** A trial that is this process's to do. */
export interface TrialClaim {
  /**
   * Brings there the checkpoint that was just made; nothing is written into the folder meanwhile.
   * @throws {UserError} `run-folder-in-use` where another process has taken the trial over
   */
  save(): Promise<void>;
  /**
   * The trial is done, has failed or is left as it is: brings that there, and gives the trial back.
   * @throws {UserError} `run-folder-in-use` as `save`
   */
  end(): Promise<void>;
}

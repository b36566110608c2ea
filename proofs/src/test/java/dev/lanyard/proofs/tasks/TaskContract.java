package dev.lanyard.proofs.tasks;

/**
 * What a user may rely on, whichever store holds the tasks: one suite, a part to each file. A new
 * store is one more class with a {@link #open}.
 */
abstract class TaskContract
    implements SubmittingContract,
        RunningContract,
        RetryContract,
        StoppingContract,
        TreeContract,
        LeavingContract {}

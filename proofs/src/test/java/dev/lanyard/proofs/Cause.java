package dev.lanyard.proofs;

/** A reason to cancel, without a stack: proofs make millions. */
public final class Cause extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Cause(String name) {
    super(name, null, false, false);
  }
}

package dev.lanyard.proofs.pairs;

/** Which of the two threads of a race. */
enum Side {
  ONE("one"),
  OTHER("other");

  final String label;

  Side(String label) {
    this.label = label;
  }
}

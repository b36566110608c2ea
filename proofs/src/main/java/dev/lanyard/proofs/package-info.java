/** Programs that show a property of the library by figures. */
@NullMarked
package dev.lanyard.proofs;

import org.jspecify.annotations.NullMarked;

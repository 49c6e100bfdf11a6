/** Measures the packaged program from outside: {@code ./switchboard bench}. */
@NullMarked
package dev.switchboard.bench;

import org.jspecify.annotations.NullMarked;

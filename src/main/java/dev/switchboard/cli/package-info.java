/** The command line against a running bus: each command is a call or two of its REST API, shown to people or as JSON. */
@NullMarked
package dev.switchboard.cli;

import org.jspecify.annotations.NullMarked;

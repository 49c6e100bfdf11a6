package dev.switchboard.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to a running bus. Its status is 0 when it is done. */
@SuppressWarnings("NullAway.Init")
abstract class BusCommand implements Callable<Integer> {

    @Mixin
    Target target;
}

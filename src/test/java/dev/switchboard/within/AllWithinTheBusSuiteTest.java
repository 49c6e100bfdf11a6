package dev.switchboard.within;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * The tests that run inside the bus, {@code *BusTest}, as one: the bus is started once for all of them, in one process, while
 * other tests run in other processes. By its package it comes first, as it takes the longest. Its own name must not end in BusTest,
 * as those are excluded from the other runs.
 */
@Suite(failIfNoTests = false) // none of them is a soak test
@SelectPackages("dev.switchboard")
@IncludeClassNamePatterns(".*BusTest")
class AllWithinTheBusSuiteTest {}

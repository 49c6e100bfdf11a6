/** What the bus counts and times, for Prometheus. Meters are looked up once; a message costs an addition or two. */
package dev.switchboard.metrics;

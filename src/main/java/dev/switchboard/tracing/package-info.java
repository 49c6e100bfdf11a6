/** A message's way as OpenTelemetry spans; nothing where that is off. */
package dev.switchboard.tracing;

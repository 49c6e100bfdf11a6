/** Requests as an attacker sends them. */
package dev.switchboard.hostile;

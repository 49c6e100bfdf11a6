/** Who may do what: keys and their roles, and the audit of what was done. Quarkus authenticates; this says whom. */
package dev.switchboard.security;

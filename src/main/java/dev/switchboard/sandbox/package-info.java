/** Stand-ins for the vendors, as their folders describe them, and the demo that shows the bus against them. */
package dev.switchboard.sandbox;

/** An integration bus between internal systems and chat vendors. */
package dev.switchboard;

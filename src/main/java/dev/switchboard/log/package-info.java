/** What is done to each line of the log before it is written. */
package dev.switchboard.log;

/** What HappyTalk needs beyond its routes: the transcript, decoded. */
package dev.switchboard.vendor.happytalk;

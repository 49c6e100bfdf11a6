/** What Kakao needs beyond its routes: the start link with its checked, cut and where need be encrypted {@code extra}. */
package dev.switchboard.vendor.kakao;

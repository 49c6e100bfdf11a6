package dev.switchboard.vendor;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the field that gets the scenarios, each with its fake vendor. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Plays {}

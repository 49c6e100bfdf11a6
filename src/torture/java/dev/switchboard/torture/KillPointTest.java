package dev.switchboard.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kill point that names no method is never reached, which only a long test would find out. */
class KillPointTest {

    @ParameterizedTest
    @EnumSource
    void itsMethodExists(KillPoint point) throws ClassNotFoundException {
        String[] named = point.argument(1).split(";", -1);
        Class<?> owner = Class.forName(named[1], false, getClass().getClassLoader());
        assertThat(Arrays.stream(owner.getDeclaredMethods()).map(method -> method.getName()))
                .contains(named[2]);
    }
}

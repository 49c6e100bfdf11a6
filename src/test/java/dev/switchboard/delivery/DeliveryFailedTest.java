package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeliveryFailedTest {

    /** With two of them, Camel refuses to choose, or chooses by the order in which the JVM lists them. */
    @Test
    void routesCanMeanOneMethodOnlyByFailureClass() {
        assertThat(Arrays.stream(DeliveryFailed.class.getMethods()).map(Method::getName))
                .contains("getFailureClass")
                .doesNotContain("failureClass", "isFailureClass");
    }
}

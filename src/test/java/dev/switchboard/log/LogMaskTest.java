package dev.switchboard.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogMaskTest {

    private static final String KEY = "swb_root_K6jwpGdN54rtaG1pOIeciyKBvX1O40g_jRTwVhfoocE";

    private static String written(String format, @Nullable Throwable failure, Object... parameters) {
        var record = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, LogMaskTest.class.getName());
        record.setParameters(parameters);
        record.setThrown(failure);
        assertThat(new LogMask().isLoggable(record)).isTrue();
        return new PatternFormatter("%-5p %s%e%n").format(record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n2026-11-28 ERROR forged",
                "a\r2026-11-28 ERROR forged",
                "a\r\n2026-11-28 ERROR forged",
                "a\u00852026-11-28 ERROR forged",
                "a\u20282026-11-28 ERROR forged",
                "a\u000b2026-11-28 ERROR forged",
                "a\u001b[2K\u001b[1A2026-11-28 ERROR forged",
                "a\u202edegrof",
                "a\u0000",
            })
    void aNameMakesNoLineOfItsOwn(String name) {
        var failure = new IllegalStateException(name, new IllegalArgumentException(name));
        failure.addSuppressed(new IllegalArgumentException(name));
        String written = written("The file %s is taken", failure, name);
        assertThat(written.replaceAll("\n\t+(at|\\.{3}) .*", ""))
                .matches("INFO  The file a\\P{Cntrl}+: java\\.lang\\.IllegalStateException: a\\P{Cntrl}+"
                        + "\n\tSuppressed: java\\.lang\\.IllegalArgumentException: a\\P{Cntrl}+"
                        + "\nCaused by: java\\.lang\\.IllegalArgumentException: a\\P{Cntrl}+\n\n?")
                .doesNotContain("\u2028", "\u202e", "\u0085");
    }

    @Test
    void aSecretIsMaskedWhoeverWritesIt() {
        LogMask.hide("of a vendor");
        LogMask.hide("of a vendor, too");
        String written = written(
                "%s, of a vendor, of a vendor, too, authorization: Basic c2hvcDpvZiBhIHZlbmRvcg==",
                new IllegalStateException("Bearer " + KEY), "/console/login?key=" + KEY);
        assertThat(written)
                .startsWith("INFO  /console/login?key=swb_***, ***, ***, authorization: Basic ***")
                .contains("IllegalStateException: Bearer swb_***")
                .doesNotContain("K6jwp", "of a vendor", "c2hv");
    }

    @Test
    void whatIsTooShortToBeASecretIsLeft() {
        LogMask.hide("bus");
        assertThat(written("the bus has %s%%\tof it", null, 5)).isEqualTo("INFO  the bus has 5%\tof it\n");
    }
}

package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFolderTest {

    @TempDir
    Path folder;

    private RouteFolder overlaid(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return RouteFolder.read(Optional.of(folder));
    }

    @Test
    void thePackagedRoutesAreThere() {
        RouteFolder packaged = RouteFolder.read(Optional.empty());
        assertThat(packaged.names("dispatch/.+")).contains("dispatch/lane.camel.yaml");
        assertThat(packaged.overlaid()).isEmpty();
    }

    @Test
    void aFileOfTheSamePathReplacesThePackagedOne() throws IOException {
        RouteFolder routes = overlaid("dispatch/lane.camel.yaml", "mine");
        assertThat(routes.text("dispatch/lane.camel.yaml")).isEqualTo("mine");
        assertThat(routes.overlaid()).containsOnlyKeys("dispatch/lane.camel.yaml");
        assertThat(routes.names("dispatch/.+")).contains("dispatch/failures.camel.yaml");
    }

    @Test
    void aFileOfAnotherPathIsAdded() throws IOException {
        RouteFolder routes = overlaid("team/mail.camel.yaml", "mine");
        assertThat(routes.names(".+\\.camel\\.yaml")).contains("team/mail.camel.yaml", "dispatch/lane.camel.yaml");
    }

    @Test
    void aFolderThatIsNoneIsNamedWithItsSetting() {
        assertThatThrownBy(() -> RouteFolder.read(Optional.of(folder.resolve("none"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("switchboard.routes.dir: ");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> RouteFolder.read(Optional.empty()).bytes("none.yaml"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("routes/none.yaml is missing");
    }
}

package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.vendor.RouteFolder;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors of routes can read of our own components. */
class ComponentDescriptionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"accept", "lane", "dead-letters", "outbox"})
    void anEditorFindsTheComponent(String scheme) throws Exception {
        String file = "/META-INF/org/apache/camel/component/" + scheme + "/" + scheme + ".json";
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(file))) {
            ComponentModel model =
                    JsonMapper.generateComponentModel(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(model.getScheme()).isEqualTo(scheme);
            assertThat(model.getSyntax()).startsWith(scheme + ":");
            assertThat(Class.forName(model.getJavaType())).isNotNull();
            assertThat(model.getEndpointPathOptions())
                    .isNotEmpty()
                    .allMatch(option -> model.getSyntax().contains(option.getName()));
        }
        assertThat(RouteFolder.read(Optional.empty()).text("README.md")).contains(scheme + ":");
    }
}

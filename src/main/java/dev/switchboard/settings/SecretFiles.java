package dev.switchboard.settings;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesLocationConfigSourceFactory;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.file.FileSystemConfigSource;
import io.smallrye.config.source.yaml.YamlLocationConfigSourceFactory;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Reads the folders of {@code smallrye.config.source.file.locations} where a file of {@code --config} names them: SmallRye's own
 * factory looks before those files are read.
 */
public final class SecretFiles implements ConfigSourceFactory {

    private static final String FOLDERS = "smallrye.config.source.file.locations";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue files = context.getValue(SmallRyeConfig.SMALLRYE_CONFIG_LOCATIONS);
        ConfigValue folders = context.getValue(FOLDERS);
        boolean earlier = folders != null && folders.getValue() != null;
        return earlier || files == null || files.getValue() == null ? List.of() : within(files.getValue());
    }

    private static List<ConfigSource> within(String files) {
        return new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .addSystemSources()
                        .withSources(new PropertiesLocationConfigSourceFactory(), new YamlLocationConfigSourceFactory())
                        .withDefaultValue(SmallRyeConfig.SMALLRYE_CONFIG_LOCATIONS, files)
                        .build()
                        .getOptionalValues(FOLDERS, String.class)
                        .orElse(List.of())
                        .stream()
                        .map(FileSystemConfigSource::new)
                        .map(ConfigSource.class::cast)
                        .toList();
    }
}

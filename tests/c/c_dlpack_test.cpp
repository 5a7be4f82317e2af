// SPDX-License-Identifier: Apache-2.0
// Buffers as tensors of other libraries.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstring>

#include "../../c/dlpack.hpp"
#include "on_c.hpp"

using namespace triune;

namespace {

struct OnTensor : OnC {
    DLManagedTensor* exported(triune_buffer* buffer, std::int64_t rows, std::int64_t columns) {
        const std::array<std::int64_t, 2> lengths{rows, columns};
        const triune_tensor_shape shape{sizeof(triune_tensor_shape), 2, 32, 2, lengths.data()};
        DLManagedTensor* tensor = nullptr;
        BOOST_REQUIRE_MESSAGE(triune_buffer_to_dlpack(buffer, &shape, &tensor) == TRIUNE_OK, last_error());
        return tensor;
    }
    static triune_buffer_config stable() {
        triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
        config.stable_address = 1;
        return config;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(c_dlpack)

BOOST_FIXTURE_TEST_CASE(a_tensor_is_the_memory_itself, OnTensor) {
    triune_buffer* const buffer = created("x", 12);
    const float two = 2;
    triune_buffer_fill(buffer, &two, TRIUNE_NO_STREAM);
    DLManagedTensor* const managed = exported(buffer, 4, 3);
    const c::Tensor& tensor = managed->tensor;
    void* data = nullptr;
    triune_buffer_data(buffer, &data);
    BOOST_TEST(tensor.data == data);
    BOOST_TEST(static_cast<const float*>(tensor.data)[11] == 2.0F);
    BOOST_TEST((tensor.device.type == c::DeviceType::cpu));  // the simulated device's memory is the host's
    BOOST_TEST(tensor.dimensions == 2);
    BOOST_TEST(tensor.shape[0] == 4);
    BOOST_TEST(tensor.strides[0] == 3);
    BOOST_TEST(tensor.strides[1] == 1);
    BOOST_TEST(int{tensor.element.code} == 2);
    BOOST_TEST(int{tensor.element.bits} == 32);
    BOOST_TEST(int{tensor.element.lanes} == 1);
    managed->deleter(managed);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(the_versioned_tensor_says_its_version, OnTensor) {
    triune_buffer* const buffer = created("x", 12);
    const std::int64_t length = 12;
    const triune_tensor_shape shape{sizeof(triune_tensor_shape), 2, 32, 1, &length};
    DLManagedTensorVersioned* managed = nullptr;
    BOOST_TEST(triune_buffer_to_dlpack_versioned(buffer, &shape, &managed) == TRIUNE_OK);
    BOOST_TEST(managed->major == 1U);
    BOOST_TEST(managed->flags == 0U);
    BOOST_TEST(managed->tensor.shape[0] == 12);
    triune_buffer_release(buffer);
    BOOST_TEST(cxx->total_allocated_bytes() == 48U);
    managed->deleter(managed);
    BOOST_TEST(cxx->total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_tensor_keeps_the_memory_of_an_owner_whose_handle_is_gone, OnTensor) {
    triune_buffer* const buffer = created("x", 12);
    DLManagedTensor* const managed = exported(buffer, 4, 3);
    triune_buffer_release(buffer);
    static_cast<float*>(managed->tensor.data)[0] = 1;
    BOOST_TEST(cxx->total_allocated_bytes() == 48U);
    managed->deleter(managed);
    BOOST_TEST(cxx->total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_tensor_keeps_the_manager_of_a_named_buffer, OnTensor) {
    triune_buffer* buffer = nullptr;
    triune_buffer_get_or_create(manager, "named", nullptr, nullptr, &buffer);
    triune_buffer_ensure_capacity(buffer, 12, TRIUNE_NO_STREAM);
    DLManagedTensor* const managed = exported(buffer, 4, 3);
    triune_buffer_release(buffer);
    triune_manager_release(manager);
    manager = nullptr;
    cxx.reset();
    static_cast<float*>(managed->tensor.data)[0] = 1;
    managed->deleter(managed);
}

BOOST_FIXTURE_TEST_CASE(while_a_tensor_is_there_nothing_moves_and_nothing_goes, OnTensor) {
    triune_buffer* const buffer = created("x", 12);
    DLManagedTensor* const managed = exported(buffer, 4, 3);
    const auto refused_as_exported = [](triune_status status) {
        refused(status, TRIUNE_BUFFER_EXPORTED, "'x' cannot");
    };
    refused_as_exported(triune_buffer_ensure_capacity(buffer, 13, TRIUNE_NO_STREAM));
    refused_as_exported(triune_buffer_reserve(buffer, 13, TRIUNE_NO_STREAM));
    refused_as_exported(triune_buffer_resize(buffer, 13, TRIUNE_NO_STREAM));
    refused_as_exported(triune_buffer_shrink_to_fit(buffer, TRIUNE_NO_STREAM));
    refused_as_exported(triune_buffer_free(buffer, TRIUNE_NO_STREAM));
    BOOST_TEST(triune_buffer_resize(buffer, 6, TRIUNE_NO_STREAM) == TRIUNE_OK);  // the memory stays
    BOOST_TEST(triune_buffer_resize(buffer, 12, TRIUNE_NO_STREAM) == TRIUNE_OK);
    managed->deleter(managed);
    BOOST_TEST(triune_buffer_ensure_capacity(buffer, 13, TRIUNE_NO_STREAM) == TRIUNE_OK);
    BOOST_TEST(triune_buffer_free(buffer, TRIUNE_NO_STREAM) == TRIUNE_OK);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(a_stable_address_grows_under_its_tensors, OnTensor) {
    triune_buffer_config config = stable();
    config.max_size_bytes = 32 * MiB;
    triune_buffer* const buffer = created("x", 12, config);
    DLManagedTensor* const managed = exported(buffer, 4, 3);
    BOOST_TEST(triune_buffer_ensure_capacity(buffer, 4 * MiB, TRIUNE_NO_STREAM) == TRIUNE_OK);
    void* data = nullptr;
    triune_buffer_data(buffer, &data);
    BOOST_TEST(data == managed->tensor.data);
    managed->deleter(managed);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(shapes_that_do_not_fit_are_refused, OnTensor) {
    triune_buffer* const buffer = created("x", 12);
    std::array<std::int64_t, 9> lengths{13, 1, 1, 1, 1, 1, 1, 1, 1};
    triune_tensor_shape shape{sizeof(triune_tensor_shape), 2, 32, 1, lengths.data()};
    DLManagedTensor* tensor = nullptr;
    refused(triune_buffer_to_dlpack(buffer, &shape, &tensor), TRIUNE_INVALID_ARGUMENT, "52 bytes, and 'x' 48");
    lengths[0] = -1;
    refused(triune_buffer_to_dlpack(buffer, &shape, &tensor), TRIUNE_INVALID_ARGUMENT, "length -1");
    lengths[0] = std::int64_t{1} << 62;
    refused(triune_buffer_to_dlpack(buffer, &shape, &tensor), TRIUNE_INVALID_ARGUMENT, "overflows");
    lengths[0] = 1;
    shape.dimensions = 9;
    refused(triune_buffer_to_dlpack(buffer, &shape, &tensor), TRIUNE_INVALID_ARGUMENT, "9 dimensions");
    shape.dimensions = 0;
    refused(triune_buffer_to_dlpack(buffer, &shape, &tensor), TRIUNE_INVALID_ARGUMENT, "0 dimensions");
    shape.dimensions = 1;
    shape.type_bits = 12;
    refused(triune_buffer_to_dlpack(buffer, &shape, &tensor), TRIUNE_INVALID_ARGUMENT, "12 bits");
    refused(triune_buffer_to_dlpack(buffer, nullptr, &tensor), TRIUNE_INVALID_ARGUMENT, "'shape'");
    BOOST_TEST(triune_buffer_ensure_capacity(buffer, 13, TRIUNE_NO_STREAM) == TRIUNE_OK);  // nothing is exported
    triune_buffer_release(buffer);
}

BOOST_AUTO_TEST_SUITE_END()

#pragma once
#include <exception>
#include <future>

extern std::exception_ptr last_failure;
void start();
std::future<int> later();
int tell();
int wait();
